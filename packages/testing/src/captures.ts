/** A request that Xero has really sent, or that its documentation shows, with a signature that was checked. */
export type Capture = { readonly key: string; readonly body: string; readonly good: string; readonly bad?: string };

/** A real check of the intent to receive. `bad` is the signature that Xero sent to see a 401. */
export const captureA: Capture = {
  key: 'LR+QgKlbRciIPYpi65tTKLaZ3FzLLofCNEQWrRXqWXJeDFrfexzfVI9SmnVuCWDJ4jnjHB9ECtOyxZSofRxwWw==',
  body: '{"events":[],"firstEventSequence": 0,"lastEventSequence": 0, "entropy": "LUWDSUDGSWNZVALZXBEV"}',
  good: 'BjzNbYUfrzg4g8wxm+dKHaZVrKxr2m75E296fUbD1E4=',
  bad: '/jzNbYUfrzg4g8wxm+dKHaZVrKxr2m75E296fUbD1E4=',
};

export const captureB: Capture = {
  key: 'test_key',
  body: '{"events":[],"firstEventSequence": 0,"lastEventSequence": 0, "entropy": "NLDZEGWUXNHESAQVGLYF"}',
  good: 'ixznmr+Pdl6QymsWZM+9UkY4lu97q04sJyejmSOp25U=',
};

/** A credit note, as Xero documents it. */
export const creditNoteBody =
  '{"events":[{"resourceUrl":"https://api.xero.com/api.xro/2.0/CreditNotes/55d84274-a3da-4829-a7c0-0cab601b95cc","resourceId":"55d84274-a3da-4829-a7c0-0cab601b95cc","tenantId":"aef86862-2015-4b6b-88bc-d89032cecc50","tenantType":"ORGANISATION","eventCategory":"CREDITNOTE","eventType":"CREATE","eventDateUtc":"2025-12-02T00:44:09.923","data":{"Type":"ACCPAYCREDIT","Status":"DRAFT"}}],"firstEventSequence":76,"lastEventSequence":76,"entropy":"FXNGWLCCGVANWHKILRUB"}';

/** Several events of two organisations in one body, with Xero's irregular spaces and date forms. */
export const severalEventsBody = `{"events":[
  {"resourceUrl": "https://api.xero.com/api.xro/2.0/Contacts/717f2bfc-c6d4-41fd-b238-3f2f0c0cf777", "resourceId": "717f2bfc-c6d4-41fd-b238-3f2f0c0cf777", "eventDateUtc": "2017-06-21T01:15:39.902", "eventType": "Update", "eventCategory": "CONTACT", "tenantId": "c2cc9b6e-9458-4c7d-93cc-f02b81b0594f", "tenantType": "ORGANISATION"},
  {"resourceUrl": "https://api.xero.com/api.xro/2.0/Invoices/44aa0707-f718-4f1c-8d53-f2da9ca59533", "resourceId": "44aa0707-f718-4f1c-8d53-f2da9ca59533", "eventDateUtc": "2017-06-21T01:15:39.9022345Z", "eventType": "UPDATE", "eventCategory": "INVOICE", "tenantId": "c2cc9b6e-9458-4c7d-93cc-f02b81b0594f", "tenantType": "ORGANISATION"},
  {"resourceUrl": "https://api.xero.com/api.xro/2.0/Invoices/", "resourceId": "44aa0707-f718-4f1c-8d53-f2da9ca59533", "eventDateUtc": "2017-06-21T01:16:00", "eventType": "UPDATE", "eventCategory": "INVOICE", "tenantId": "aef86862-2015-4b6b-88bc-d89032cecc50", "tenantType": "ORGANISATION"}
],"firstEventSequence": 1,"lastEventSequence": 3, "entropy": "S0m3r4Nd0mt3xt"}`;
