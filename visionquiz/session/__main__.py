"""`python -m visionquiz.session`: a module of its own, because a process that is forked off imports what started it,
unless that is a package's ``__main__``.
"""

import asyncio

from visionquiz.session import main

if __name__ == "__main__":
    asyncio.set_event_loop(asyncio.new_event_loop())
    main()
