"""Why a run went as it did: deadlocks, livelocks, tokens left over, the critical path."""
