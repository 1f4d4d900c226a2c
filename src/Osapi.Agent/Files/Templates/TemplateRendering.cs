using Fluid;

namespace Osapi.Agent.Files.Templates;

/// <summary>One rendering, which tells running out of steps from everything else that the engine calls an invalid operation.</summary>
internal sealed class TemplateRendering(TemplateOptions options) : TemplateContext(options, StringComparer.Ordinal)
{
    public bool IsOutOfSteps => _steps > MaxSteps + 1;
}
