// Shows and hides a password. On the box around the field and its hidden button.
export default function showPassword(box) {
  const field = box.querySelector('input')
  const button = box.querySelector('button')
  button.hidden = false
  button.addEventListener('click', () => {
    const show = field.type === 'password'
    field.type = show ? 'text' : 'password'
    button.setAttribute('aria-pressed', String(show))
  })
  field.form?.addEventListener('submit', () => { field.type = 'password' })
}
