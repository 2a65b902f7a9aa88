// What the pages add with JavaScript; they work without it.

/** Times in the reader's zone. */
const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

function localise(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const date = new Date(time.dateTime);
    if (time.dateTime.includes('T')) time.textContent = format.format(date);
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = 'Copied';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 1_500);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-copy]');
  if (button) void copy(button);
});

// One box that checks all of a form.
document.addEventListener('change', ({ target }) => {
  if (!target.matches('input[data-all]')) return;
  for (const box of target.form.querySelectorAll('input[name="key"]')) box.checked = target.checked;
});

/** Fetches the page again, and puts what is live of it in place of what is there. */
async function refresh(live) {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.querySelector('[data-live]');
  if (!fresh) return;
  live.replaceChildren(...fresh.childNodes);
  localise(live);
}

/** The server says when there is something new on a live page. */
function follow(live) {
  const source = new EventSource(live.dataset.live);
  let isOld = false;
  const refreshOld = () => {
    // Not under somebody's hands: it waits until they are elsewhere.
    if (!isOld || document.hidden || live.contains(document.activeElement)) return;
    isOld = false;
    void refresh(live);
  };
  source.addEventListener('changed', () => {
    isOld = true;
    refreshOld();
  });
  document.addEventListener('visibilitychange', refreshOld);
  live.addEventListener('focusout', () => setTimeout(refreshOld));
  addEventListener('pagehide', () => source.close());
}

localise(document);
const live = document.querySelector('[data-live]');
if (live) follow(live);
