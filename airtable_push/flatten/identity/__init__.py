"""Who is who: records of several systems that stand for one person, or one firm, found by rules that can be named.

    normal     what a name, an address, a telephone and a firm's name are once spelling is taken out
    names      how alike two names are
    proofs     what proves that two records are of one person
    comparing  records with something in common, by their names
    mailboxes  what an e-mail address proves
    people     the rules for people, strongest first
    firms      the rules for firms
    groups     what follows from the pairs: groups without contradictions
    registry   ids that stay the same from run to run
    tables     what is read in the warehouse, and what is written beside it
    rows       from rows to records, and back
    resolve    decides, from what has landed and what the last run left

Nothing is ever merged in the records themselves, so everything can be undone.
"""
