// Suggestions under a search field, an ARIA combobox. <form data-module="suggest" data-url="/sok/forslag"> with one type=search.
// The address answers ?q=… with the list of components/suggest.html, or nothing.
const PAUSE = 120
const SHORTEST = 2
const SEEN = 3 // suggestions that are seen without scrolling

export default function suggest(form) {
  const field = form.querySelector('input[type="search"]')
  const box = document.createElement('div')
  box.className = 'suggest-box'
  form.append(box)
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'], ['aria-controls', `${field.id}-forslag`]]) {
    field.setAttribute(name, value)
  }
  const status = document.createElement('p')
  status.className = 'hidden'
  status.setAttribute('role', 'status')
  form.append(status)
  let timer
  let asking

  const options = () => [...box.querySelectorAll('[role="option"]')]
  const chosen = () => box.querySelector('[aria-selected="true"]')

  async function ask() {
    asking?.abort()
    const query = field.value.trim()
    if (query.length < SHORTEST) return close()
    const turn = (asking = new AbortController())
    const html = await read(`${form.dataset.url}?q=${encodeURIComponent(query)}`, turn.signal)
    if (turn.signal.aborted || document.activeElement !== field) return
    show(new DOMParser().parseFromString(html, 'text/html').querySelector('.suggest'))
  }

  // Without network, or with an error, there is nothing to suggest.
  async function read(address, signal) {
    try {
      const response = await fetch(address, { signal })
      return response.ok ? await response.text() : ''
    } catch {
      return ''
    }
  }

  function show(list) {
    const wasOpen = options().length > 0
    if (list) list.id = `${field.id}-forslag`
    box.replaceChildren(...(list ? [list] : []))
    field.removeAttribute('aria-activedescendant')
    const count = options().length
    field.setAttribute('aria-expanded', String(count > 0))
    status.textContent = count > 0 ? `${count} förslag. Välj med piltangenterna.` : wasOpen ? 'Inga förslag.' : ''
    reveal()
  }

  // On a phone, above its keyboard, the list would lie below what is seen: the field goes to the top.
  function reveal() {
    const all = options()
    const last = all[Math.min(SEEN, all.length) - 1]
    const seen = window.visualViewport?.height ?? window.innerHeight
    if (last && last.getBoundingClientRect().bottom > seen) form.scrollIntoView({ block: 'start' })
  }

  function close() {
    clearTimeout(timer)
    asking?.abort()
    show(null)
    status.textContent = ''
  }

  function move(step) {
    const all = options()
    if (all.length === 0) return
    const place = all.indexOf(chosen())
    const next = all[(place + step + all.length + (place < 0 && step < 0 ? 1 : 0)) % all.length]
    chosen()?.setAttribute('aria-selected', 'false')
    next.setAttribute('aria-selected', 'true')
    field.setAttribute('aria-activedescendant', next.id)
    next.scrollIntoView({ block: 'nearest' })
  }

  // Without network the page stays: a browser's own page of errors would take what was typed.
  function take(option) {
    const { url, text } = option.dataset
    close()
    if (!navigator.onLine) status.textContent = 'Inget nät. Försök igen när du har nät.'
    else if (url) window.location.assign(url)
    else {
      field.value = text
      form.requestSubmit()
    }
  }

  const askSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  }
  field.addEventListener('input', askSoon)
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (options().length > 0) event.preventDefault()
      move(event.key === 'ArrowDown' ? 1 : -1)
    } else if (event.key === 'Enter' && chosen()) {
      event.preventDefault()
      take(chosen())
    } else if (event.key === 'Escape' && options().length > 0) {
      event.preventDefault()
      close()
    }
  })
  field.addEventListener('blur', close)
  // Before the blur, so that the click is not lost.
  box.addEventListener('mousedown', (event) => {
    const option = event.target.closest('[role="option"]')
    if (option && event.button === 0) {
      event.preventDefault()
      take(option)
    }
  })
  // On a slow network somebody has typed before this file came.
  if (document.activeElement === field && field.value !== field.defaultValue) askSoon()
}
