"""What `make demo` shows: the real `fivetran debug` syncs the simulated Basecamp, twice.

stage    a sandbox in a process of its own, a copy of a connector's folder, the real command line
tables   text tables
"""
