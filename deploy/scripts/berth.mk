# Make targets for the services of a berth.yaml:   include path/to/berth.mk
#
#   make backend            start it (and Berth, when it is down)
#   make backend-stop       -kill -restart -status -force -logs, for every declared service alike
#   make dev                start all
#   make logs               follow all logs; logs-errors for errors only
#   make status | health | stop | clean | help
#
# BERTH_SERVICES   which services; those of ./berth.yaml unless set
# BERTH_SCRIPTS    where the scripts are; beside this file unless set

BERTH_SCRIPTS ?= $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
BERTH ?= $(if $(wildcard $(BERTH_SCRIPTS)/../bin/berth),$(BERTH_SCRIPTS)/../bin/berth,berth)
BERTH_SERVICES ?= $(shell . '$(BERTH_SCRIPTS)/common.sh'; [ ! -f berth.yaml ] || services_of berth.yaml)
export BERTH

.PHONY: dev logs logs-errors status health stop clean help

dev:
	@'$(BERTH_SCRIPTS)/dev' $(BERTH_SERVICES)

logs:
	@'$(BERTH_SCRIPTS)/dev' logs $(BERTH_SERVICES)

logs-errors:
	@'$(BERTH_SCRIPTS)/dev' logs --errors $(BERTH_SERVICES)

status:
	@'$(BERTH)' up --quiet && '$(BERTH)' status

health:
	@'$(BERTH)' up --quiet && '$(BERTH)' health

stop:
	@'$(BERTH)' up --quiet && '$(BERTH)' stop $(BERTH_SERVICES)

clean:
	@'$(BERTH_SCRIPTS)/cleanup_ports.sh'

help:
	@printf '%s\n' 'make dev | logs | logs-errors | status | health | stop | clean'
	@printf '%s\n' $(foreach each,$(BERTH_SERVICES),'make $(each) | $(each)-stop | -kill | -restart | -status | -force | -logs')

define BERTH_TARGETS
.PHONY: $(1) $(1)-stop $(1)-kill $(1)-restart $(1)-status $(1)-force $(1)-logs
$(1):
	@'$$(BERTH_SCRIPTS)/dev' $(1)
$(1)-stop:
	@'$$(BERTH)' up --quiet && '$$(BERTH_SCRIPTS)/manage_server' stop --name $(1)
$(1)-kill:
	@'$$(BERTH)' up --quiet && '$$(BERTH_SCRIPTS)/manage_server' kill --name $(1)
$(1)-restart:
	@'$$(BERTH_SCRIPTS)/manage_server' restart --name $(1)
$(1)-status:
	@'$$(BERTH)' up --quiet && '$$(BERTH_SCRIPTS)/manage_server' status --name $(1)
$(1)-force:
	@'$$(BERTH_SCRIPTS)/manage_server' start --force --name $(1)
$(1)-logs:
	@'$$(BERTH)' logs $(1) -f
endef
$(foreach each,$(BERTH_SERVICES),$(eval $(call BERTH_TARGETS,$(each))))
