using Fluid;

namespace Osapi.Agent.Files.Templates;

/// <summary>
/// The context of one rendering, which distinguishes running out of steps from the engine's other invalid operations.
/// </summary>
internal sealed class TemplateRendering(TemplateOptions options) : TemplateContext(options, StringComparer.Ordinal)
{
    public bool IsOutOfSteps => _steps > MaxSteps + 1;
}
