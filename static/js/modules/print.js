// A print button: hidden in the HTML, since it does nothing without a script.
export default function print(button) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
