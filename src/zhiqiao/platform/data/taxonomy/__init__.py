"""The taxonomy editor: changes beside the packs, proposals, what a change touches, and mining again."""
