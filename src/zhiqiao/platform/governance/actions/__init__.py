"""The verbs of governance: each checks, writes, leaves an audit entry and tells others, in one transaction."""
