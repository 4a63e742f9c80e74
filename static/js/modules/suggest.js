// Suggestions under a search field, an ARIA combobox. <form data-module="suggest" data-url="/sok/forslag"> with one type=search.
// The address answers ?q=… with the list of components/suggest.html, or nothing.
const PAUSE = 120
const SHORTEST = 2

export default function suggest(form) {
  const field = form.querySelector('input[type="search"]')
  const box = document.createElement('div')
  box.className = 'suggest-box'
  form.append(box)
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'], ['aria-controls', `${field.id}-forslag`]]) {
    field.setAttribute(name, value)
  }
  let timer
  let asked = 0

  const options = () => [...box.querySelectorAll('[role="option"]')]
  const chosen = () => box.querySelector('[aria-selected="true"]')

  async function ask() {
    const turn = (asked += 1)
    const query = field.value.trim()
    if (query.length < SHORTEST) return close()
    const response = await fetch(`${form.dataset.url}?q=${encodeURIComponent(query)}`).catch(() => null)
    const html = response?.ok ? await response.text() : ''
    if (turn !== asked || document.activeElement !== field) return
    const list = new DOMParser().parseFromString(html, 'text/html').querySelector('.suggest')
    if (list) list.id = `${field.id}-forslag`
    box.replaceChildren(...(list ? [list] : []))
    field.setAttribute('aria-expanded', String(options().length > 0))
  }

  function close() {
    asked += 1
    box.replaceChildren()
    field.setAttribute('aria-expanded', 'false')
    field.removeAttribute('aria-activedescendant')
  }

  function move(step) {
    const all = options()
    if (all.length === 0) return
    const place = all.indexOf(chosen())
    const next = all[(place + step + all.length + (place < 0 && step < 0 ? 1 : 0)) % all.length]
    chosen()?.setAttribute('aria-selected', 'false')
    next.setAttribute('aria-selected', 'true')
    field.setAttribute('aria-activedescendant', next.id)
  }

  function take(option) {
    if (option.dataset.url) return window.location.assign(option.dataset.url)
    field.value = option.dataset.text
    form.requestSubmit()
  }

  field.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  })
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
    if (option) {
      event.preventDefault()
      take(option)
    }
  })
}
