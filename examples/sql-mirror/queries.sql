-- Invoices that are overdue, the oldest first
SELECT invoice.number, contact.name, date(invoice.due_date) AS due, invoice.amount_due, invoice.currency
FROM invoice LEFT JOIN contact ON contact.tenant_id = invoice.tenant_id AND contact.id = invoice.contact_id
WHERE invoice.type = 'ACCREC' AND invoice.status = 'AUTHORISED' AND invoice.due_date < datetime('now')
ORDER BY invoice.due_date;

-- What each customer owes, the most first
SELECT contact.name, count(*) AS invoices, sum(invoice.amount_due) AS owed, invoice.currency
FROM invoice JOIN contact ON contact.tenant_id = invoice.tenant_id AND contact.id = invoice.contact_id
WHERE invoice.type = 'ACCREC' AND invoice.status = 'AUTHORISED'
GROUP BY invoice.tenant_id, contact.id, invoice.currency
ORDER BY owed DESC;

-- What was invoiced in each month
SELECT tenant_id, strftime('%Y-%m', date) AS month, currency, count(*) AS invoices, sum(total) AS total
FROM invoice
WHERE type = 'ACCREC' AND status IN ('AUTHORISED', 'PAID')
GROUP BY tenant_id, month, currency
ORDER BY month DESC;

-- The lines of an invoice, from its JSON
SELECT invoice.number, line.value ->> 'Description' AS description, line.value ->> 'Quantity' AS quantity,
  line.value ->> 'LineAmount' AS amount
FROM invoice, json_each(invoice.json, '$.LineItems') AS line
ORDER BY invoice.number;

-- Payments of the last thirty days, with their invoices
SELECT date(payment.date) AS day, payment.amount, invoice.number, contact.name
FROM payment
LEFT JOIN invoice ON invoice.tenant_id = payment.tenant_id AND invoice.id = payment.invoice_id
LEFT JOIN contact ON contact.tenant_id = invoice.tenant_id AND contact.id = invoice.contact_id
WHERE payment.status = 'AUTHORISED' AND payment.date > datetime('now', '-30 days')
ORDER BY payment.date DESC;
