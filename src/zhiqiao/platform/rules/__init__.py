"""The rule book on pages, checks of documents kept with their findings, and waivers; rules are engines and packs."""
