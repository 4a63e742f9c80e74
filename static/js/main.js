// Finds what asks for a behaviour and gives it one. Every page works without this file.
import { mount } from './mount.js'

mount(document)
