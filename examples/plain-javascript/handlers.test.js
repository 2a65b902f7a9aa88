const assert = require('node:assert/strict');
const { test } = require('node:test');
const { testHandlers } = require('xero-webhooks/testing');
const register = require('./handlers.js');

test('a payment is noted', async () => {
  const handlers = await testHandlers(register, { resources: { payment: { Amount: 20 } } });
  const { notePayment } = await handlers.emit('payment.created', { tenantId: 't-1' });
  assert.equal(notePayment.outcome, 'succeeded');
  assert.deepEqual(notePayment.log[0].fields, { amount: 20, organisation: 't-1' });
});
