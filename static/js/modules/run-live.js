// A running checklist that stays on the page: sends its forms, shows what others do, N leads to the next step.
// <div data-module="run-live" data-poll-url="…" data-etag="…"><div id="genomforande">…</div></div>
import { current, isBusy, parse, swap } from '../fragment.js'
import { poll } from '../poll.js'

// The fragment that the server answers with (null when the answer is another page), or null without a net.
async function post(url, body) {
  try {
    const response = await fetch(url, { method: 'POST', body, headers: { 'X-Fragment': 'genomforande' } })
    return { ok: response.ok, fresh: parse(await response.text()) }
  } catch {
    return null
  }
}

export default function runLive(root) {
  const status = document.createElement('p')
  status.className = 'hidden'
  status.setAttribute('role', 'status')
  root.prepend(status)
  const say = (words) => { if (words) status.textContent = words }

  let queue = Promise.resolve()
  let pending = 0
  let sent = 0

  root.addEventListener('submit', (event) => {
    const form = event.target
    if (form.method !== 'post' || form.dataset.direct) return
    event.preventDefault()
    if (form.dataset.sending) return
    const body = new URLSearchParams(new FormData(form))
    if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value)
    body.set('enhetstid', new Date().toISOString())
    form.dataset.sending = 'ja'
    event.submitter?.setAttribute('data-sending', 'ja')
    pending += 1
    sent += 1
    queue = queue.then(() => send(form, event.submitter, body))
  })

  async function send(form, submitter, body) {
    const answer = await post(form.action, body)
    pending -= 1
    markLost(answer === null)
    if (!answer?.fresh) return submitNormally(form, submitter)
    if (answer.ok) form.reset()
    if (pending === 0) say(swap(answer.fresh) || (answer.ok ? 'Sparat' : 'Ändringen sparades inte'))
  }

  // Without any net the browser would only leave the page: then it stays, with what is typed.
  function submitNormally(form, submitter) {
    delete form.dataset.sending
    submitter?.removeAttribute('data-sending')
    if (!navigator.onLine || !form.isConnected) return say('Inget nät. Ändringen är inte sparad, försök igen.')
    form.dataset.direct = 'ja'
    form.requestSubmit(submitter)
  }

  root.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select, .sheet')
    if (typing || event.key.toLowerCase() !== 'n' || event.ctrlKey || event.metaKey || event.altKey) return
    const next = root.querySelector('.step--next .tick')
    next?.focus()
    next?.scrollIntoView({ block: 'center' })
  })

  poll(root.dataset.pollUrl, {
    etag: root.dataset.etag,
    ready: () => pending === 0 && !isBusy(current()),
    take: async (response) => {
      const before = sent
      const fresh = parse(await response.text())
      if (!fresh || sent !== before || isBusy(current())) return false
      say(swap(fresh))
      return true
    },
    lost: markLost,
    ended: () => say('Sidan uppdateras inte längre. Läs in den igen.'),
  })
  window.addEventListener('offline', () => markLost(true))

  function markLost(isLost) {
    root.querySelector('.run-head')?.classList.toggle('run-head--offline', isLost)
  }
}
