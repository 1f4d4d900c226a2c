using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.Runners;

/// <summary>The signal of a controller to the others about the runners whose streams it holds.</summary>
internal sealed record HeardRunners
{
    /// <summary>The runners that it hears.</summary>
    public IReadOnlyList<RunId> Heard { get => field ?? []; init; }

    /// <summary>The runners whose streams have just closed.</summary>
    public IReadOnlyList<RunId> Silent { get => field ?? []; init; }
}
