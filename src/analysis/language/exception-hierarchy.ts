// The exceptions that Python itself defines and which of them derives from which: what a handler for one of them catches.
// Exceptions of the tree and of libraries are classes like any other.

/** The builtin exception hierarchy (Python 3.14 documentation, library/exceptions), child to parent. */
const HIERARCHY =
  'SystemExit:BaseException KeyboardInterrupt:BaseException GeneratorExit:BaseException Exception:BaseException StopIteration:Exception StopAsyncIteration:Exception ' +
  'ArithmeticError:Exception ZeroDivisionError:ArithmeticError OverflowError:ArithmeticError FloatingPointError:ArithmeticError AssertionError:Exception AttributeError:Exception BufferError:Exception ' +
  'EOFError:Exception ImportError:Exception ModuleNotFoundError:ImportError LookupError:Exception IndexError:LookupError KeyError:LookupError MemoryError:Exception NameError:Exception ' +
  'UnboundLocalError:NameError OSError:Exception ConnectionError:OSError TimeoutError:OSError FileNotFoundError:OSError PermissionError:OSError FileExistsError:OSError InterruptedError:OSError ' +
  'ConnectionRefusedError:ConnectionError ConnectionResetError:ConnectionError BrokenPipeError:ConnectionError ReferenceError:Exception RuntimeError:Exception NotImplementedError:RuntimeError ' +
  'RecursionError:RuntimeError SyntaxError:Exception IndentationError:SyntaxError SystemError:Exception TypeError:Exception ValueError:Exception UnicodeError:ValueError UnicodeDecodeError:UnicodeError ' +
  'UnicodeEncodeError:UnicodeError Warning:Exception DeprecationWarning:Warning UserWarning:Warning RuntimeWarning:Warning FutureWarning:Warning ImportWarning:Warning BaseExceptionGroup:BaseException ExceptionGroup:Exception'
/** Exceptions of the standard library that programs name, child to parent. */
const LIBRARY =
  'dataclasses.FrozenInstanceError:AttributeError json.JSONDecodeError:ValueError json.decoder.JSONDecodeError:ValueError queue.Empty:Exception queue.Full:Exception ' +
  'subprocess.CalledProcessError:Exception subprocess.TimeoutExpired:Exception configparser.Error:Exception zipfile.BadZipFile:Exception pickle.PickleError:Exception ' +
  'asyncio.CancelledError:BaseException asyncio.TimeoutError:TimeoutError'
/** Builtin exceptions and those of the library, child to parent. */
export const PARENTS: ReadonlyMap<string, string> = new Map(
  `${HIERARCHY} ${LIBRARY}`
    .split(' ')
    .map((pair): [string, string] => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
)
export const EXCEPTIONS: readonly string[] = [
  'BaseException',
  ...[...PARENTS.keys()].filter((name) => !name.includes('.')),
]
