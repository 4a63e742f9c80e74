// The page of a run's log, or of a correction: a line that is written is kept on the device until the server has taken it.
// <div data-module="run-log" data-run="…" data-person="…" data-title="…" data-log="…">…<form method="post">…
//   <section data-lines>…</section> <template data-refused>…</template></div>; the form may stand beside it.
import { asker } from '../deliver.js'
import { forget, keep, newId, refuse, waiting } from '../outbox.js'
import { clock, entryOf, valueOf } from '../pending.js'
import { sender } from '../sender.js'

const AGAIN = 5000
const TWICE = 700
const OWN = /\/(logg|rattelse)$/

export default function runLog(root) {
  const { person, run, title, log } = root.dataset
  const form = (root.querySelector('form') ? root : root.parentElement).querySelector('form[method=post]')
  const status = make('p', 'hidden')
  status.setAttribute('role', 'status')
  const box = make('div')
  form.before(box)
  root.prepend(status)
  let place = 'sparat här'
  let why = ''
  let timer
  let pressed = -TWICE

  const token = () => form.elements.csrf_token?.value ?? ''
  const outbox = sender({ person, ours: (change) => change.run === run, token, settled })

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (event.timeStamp - pressed < TWICE) return
    pressed = event.timeStamp
    const fields = [...new FormData(form)].filter(([name]) => !['csrf_token', 'client_id'].includes(name))
    const at = new Date().toISOString()
    if (!await keep({ id: newId(), person, run, title, url: form.action, fields, at })) place = 'inte skickat'
    form.reset()
    await show()
    send()
  })

  function send() {
    clearTimeout(timer)
    return outbox.send()
  }

  async function settled(change, answer, left) {
    if (answer.kind === 'taken') await forget(change)
    else if (answer.kind === 'refused') await refuse(change, answer.words)
    else {
      why = answer.kind === 'sign-in' ? 'Utloggad. Logga in så skickas det' : 'Inget nät'
      timer = setTimeout(send, AGAIN)
      await show()
      return false
    }
    why = ''
    if (left === 0) {
      await show()
      if (answer.kind === 'taken') await refresh()
    }
    return true
  }

  // The lines as the server has them now; a correction leads to the log, where it stands.
  async function refresh() {
    const lines = root.querySelector('[data-lines]')
    if (!lines) {
      location.assign(log)
      return
    }
    status.textContent = 'Sparat'
    const answer = await asker(person)(location.href).catch(() => null)
    if (!answer?.ok) return
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-lines]')
    if (fresh) lines.replaceWith(fresh)
  }

  async function show() {
    const all = (await waiting(person, run)).filter((change) => OWN.test(change.url))
    const unsent = all.filter((change) => !change.refused)
    box.replaceChildren(...unsent.map(line), ...all.filter((change) => change.refused).map(refused))
    if (unsent.length) status.textContent = why || `Skickar, ${place}`
  }

  function line(change) {
    const shown = make('div', 'message message--warn unsent')
    shown.append(make('p', 'meta', `${clock(change.at)}, ${why ? `${why}, ` : ''}${place}`), make('p', 'lines', entryOf(change)))
    return shown
  }

  function refused(change) {
    const shown = root.querySelector('template[data-refused]').content.cloneNode(true)
    shown.querySelector('[data-why]').textContent = change.refused
    shown.querySelector('[data-what]').textContent = entryOf(change)
    const again = shown.querySelector('[data-again]')
    again.hidden = form.action !== change.url
    again.addEventListener('click', async () => {
      fill(change)
      await forget(change)
      await show()
    })
    shown.querySelector('[data-drop]').addEventListener('click', async () => {
      await forget(change)
      await show()
    })
    return shown
  }

  function fill(change) {
    for (const field of form.elements) {
      if (field.type === 'radio') field.checked = field.value === valueOf(change, field.name)
      else if (field.name && field.type !== 'hidden') field.value = valueOf(change, field.name)
    }
    form.elements.text.focus()
  }

  window.addEventListener('online', send)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) send() })
  waiting(person, run).then((changes) => { if (changes.length) show().then(send) })
}

function make(name, className = '', text = '') {
  const element = document.createElement(name)
  if (className) element.className = className
  element.textContent = text
  return element
}
