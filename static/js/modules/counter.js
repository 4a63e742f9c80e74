// Characters left of a text field, said when the writer pauses. On .field; the hint carries data-limit.
const PAUSE = 700

export default function counter(box) {
  const hint = box.querySelector('[data-limit]')
  const field = box.querySelector('textarea, input')
  const limit = Number(hint.dataset.limit)
  const spoken = document.createElement('span')
  spoken.className = 'hidden'
  spoken.setAttribute('role', 'status')
  hint.after(spoken)
  let timer

  const words = () => {
    const left = limit - field.value.length
    return left < 0 ? `${-left} tecken för mycket.` : `${left} tecken kvar.`
  }
  const show = () => { hint.textContent = `Högst ${limit} tecken. ${words()}` }

  show()
  field.addEventListener('input', () => {
    show()
    clearTimeout(timer)
    timer = setTimeout(() => { spoken.textContent = words() }, PAUSE)
  })
}
