// Moves the focus to a receipt or an error summary when the page has loaded.
export default function focus(element) {
  element.focus()
}
