// A thread that helps with the analysis of a tree (started from dist/worker.js): serves whoever started it, nothing else.
// What it is asked and what it answers: threads/messages.ts.
import { serve } from './threads/worker.ts'

serve()
