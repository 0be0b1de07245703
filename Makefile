.DEFAULT_GOAL := help
.PHONY: help test format guest definitions

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

test: ## build, check and test everything
	mvn verify

format: ## format all Java sources
	mvn -q initialize exec:exec@format-check -Dformat=write

definitions: ## write the validator's tables anew from HL7's definitions
	mvn -B test -Dtest=DefinitionsTest -Ddefinitions=write

guest: ## build the program inside sandboxes, and what virtual machines boot
	guest/build
	guest/machine
