using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Hosts.Packages;

namespace Osapi.Agent.Packages;

/// <summary>The changes that an operation would make to the packages of a host.</summary>
internal sealed record PackagePlan
{
    /// <summary>The action of apt-get with its options and packages; null when there is nothing to do.</summary>
    public IReadOnlyList<string>? Action { get; init; }

    /// <summary>The simulation of the action; null when there is none.</summary>
    public AptSimulation? Simulation { get; init; }

    /// <summary>The packages to mark as wanted.</summary>
    public IReadOnlyList<string> Manual { get; init; } = [];

    /// <summary>The packages to mark as dependencies again afterwards.</summary>
    public IReadOnlyList<string> Automatic { get; init; } = [];

    /// <summary>True when the index is refreshed first, so that the rest cannot be predicted.</summary>
    public bool RefreshesFirst { get; init; }

    /// <summary>True when an interrupted transaction is finished first.</summary>
    public bool RepairsFirst { get; init; }

    /// <summary>Additional information for the caller.</summary>
    public string? Note { get; init; }

    /// <summary>True when there is something to do; null when that cannot be predicted.</summary>
    public bool? Changes => RepairsFirst ? true : RefreshesFirst ? null : Action is not null || Manual.Count > 0;

    /// <summary>The versions before; null when nothing changes, or when that cannot be predicted.</summary>
    public JsonElement? Before => View(step => step.From, []);

    /// <summary>The versions after.</summary>
    public JsonElement? After => View(step => step.To, Manual);

    private JsonElement? View(Func<SimulatedStep, string?> version, IReadOnlyList<string> marked)
    {
        if (Changes != true || RepairsFirst)
            return null;
        JsonObject view = [];
        foreach (var step in (Simulation?.Installed ?? []).Concat(Simulation?.Removed ?? []).OrderBy(step => step.Name, StringComparer.Ordinal))
            view[step.Name] = version(step);
        if (marked.Count > 0)
            view["marked_manual"] = new JsonArray([.. marked.Select(name => (JsonNode)name)]);
        return JsonElement.Parse(view.ToJsonString());
    }
}
