using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.NameResolution;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Network;

/// <summary>Runs <see cref="UpdateDns"/> on this host.</summary>
internal static class UpdateDnsHandler
{
    public static async Task<ChangePlan<DnsUpdateResult>> HandleAsync(UpdateDns request, Host host, CancellationToken cancellationToken)
    {
        var plan = await host.PlanDnsAsync(request, cancellationToken);
        return new()
        {
            Changes = plan.Steps.Count > 0,
            Before = plan.Before.ToJson(),
            After = plan.After.ToJson(),
            Apply = stop => ApplyAsync(plan, stop),
        };
    }

    private static async Task<HandlerResult<DnsUpdateResult>> ApplyAsync(DnsPlan plan, CancellationToken cancellationToken)
    {
        List<string> notes = [.. plan.Steps.Count > 0 ? plan.Notes : []];
        DnsUpdateResult result = new()
        {
            Changed = plan.Steps.Count > 0,
            Servers = plan.After.Servers,
            SearchDomains = plan.After.SearchDomains,
            Backend = plan.Backend,
            Persistent = plan.After.Persistent,
        };
        for (var done = 0; done < plan.Steps.Count; done++)
            try
            {
                if (await plan.Steps[done](cancellationToken) is { } note)
                    notes.Add(note);
            }
            catch (OperationException exception) when (done > 0)
            {
                // The completed steps stay: the host has changed.
                return HandlerResult<DnsUpdateResult>.Failed(
                    result with { Status = "failed", Servers = plan.Before.Servers, SearchDomains = plan.Before.SearchDomains, Persistent = false },
                    $"{exception.Message}; part of the settings was changed before",
                    exception.Type);
            }

        return result with { Note = notes.Count > 0 ? string.Join("; ", notes) : null };
    }
}
