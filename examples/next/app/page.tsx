export default function Page() {
  return <p>Xero sends to /xero/webhook.</p>;
}
