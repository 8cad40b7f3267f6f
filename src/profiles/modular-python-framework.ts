// modular-python-framework: modules with `initialize(app_context)` in api.py (function style), or a class whose decorators name what runs in
// Phase 1 (decorator style). Source: elevena11/Modular_Python_Framework, core/app_context.py, core/decorators.py, core/module_processor.py.
import type { Profile } from './model.ts'

export const MODULAR_PYTHON_FRAMEWORK: Profile = {
  id: 'modular-python-framework',
  phase: 'Phase 1 (registration)',
  detection: {
    paths: ['**/core/app_context.py', '**/modules/{core,standard,extensions}/**/api.py'],
    weakPaths: ['**/core/decorators.py', '**/modules/**/api.py'],
    texts: [
      { in: '**/api.py', text: 'def initialize(' },
      { in: '**/modules/**/api.py', text: 'import initialize' },
      { in: '**/modules/**/api.py', text: 'core.decorators' },
      { in: '**/*.py', text: 'register_module_setup_hook(' },
    ],
  },
  entries: [
    { kind: 'function', files: ['**/api.py', '**/modules/**/api/__init__.py'], names: ['initialize'], parameters: 1 },
    {
      kind: 'decorated-class',
      files: ['**/modules/**/api.py', '**/modules/**/api/__init__.py'],
      decorators: {
        marks: [
          'register_service',
          'register_multiple_services',
          'register_database',
          'register_models',
          'requires_modules',
          'register_api_endpoints',
          'module_health_check',
          'initialization_sequence',
          'phase2_operations',
          'auto_service_creation',
          'inject_dependencies',
          'require_services',
          'graceful_shutdown',
          'force_shutdown',
          'shutdown_dependencies',
          'legacy_initialize_method',
          'provides_api_endpoints',
          'enforce_data_integrity',
          'no_mock_data',
        ],
        sequence: 'initialization_sequence',
        service: 'auto_service_creation',
        injection: 'inject_dependencies',
        access: { decorator: 'require_services', method: 'get_required_service' },
        registration: 'register_service',
        identity: 'MODULE_ID',
        function: 'initialize',
      },
    },
  ],
  contextType: 'core.app_context.AppContext',
  deferrals: [],
  invokers: [],
  operations: [],
  advice: {
    fix: 'Move the database work into Phase 2: put it into `async def setup_module(app_context)` and pass that function to `app_context.register_module_setup_hook(module_id=..., setup_method=setup_module)`, or do it on first use in a service method.',
    not: 'A try/except, a configuration flag or an `is_initialized()` check does not move it out of Phase 1.',
  },
  strictSessions: true,
  expectsEntry: ['**/modules/**/api.py'],
  manifest: { files: '**/modules/**/manifest.json', key: 'entry_point' },
  secondPhase: {
    name: 'setup_module',
    registration: 'register_module_setup_hook',
    moduleKeyword: 'module_id',
    hookKeyword: 'setup_method',
  },
}
