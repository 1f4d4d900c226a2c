using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>The filter of a list, as a condition of the read model.</summary>
internal sealed class JobFilter
{
    private readonly List<string> conditions = [];
    private readonly List<(string Name, object? Value)> parameters = [];

    public JobFilter(ListJobs request)
    {
        Add("status = $status", "$status", request.Status is { } status ? (int)status : null);
        Add("operation = $operation", "$operation", request.Operation);
        Add("target = $target", "$target", request.Target);
        Add("caller = $caller", "$caller", request.Caller);
        Add("retry_of = $retry_of", "$retry_of", request.RetryOf?.ToString());
        Add("run = $run", "$run", request.Run?.Value);
        Add("created >= $since", "$since", request.Since?.ToUnixTimeMilliseconds());
        // Times are stored in milliseconds, rounded down: a time within a millisecond also matches the start of it.
        Add("created < $until", "$until", request.Until is { } until ? (until.Ticks + TimeSpan.TicksPerMillisecond - 1 - DateTimeOffset.UnixEpoch.Ticks - until.Offset.Ticks) / TimeSpan.TicksPerMillisecond : null);
        Add("seq IN (SELECT seq FROM host WHERE host = $host)", "$host", request.Hostname is { } host ? HostKey.Of(host) : null);
    }

    /// <summary>True when the only condition is the status, which is already counted.</summary>
    public bool IsStatusOnly => parameters.All(parameter => parameter.Name == "$status");

    public string Where(string? additional = null) => conditions.Count == 0 && additional is null ? "" : "WHERE " + string.Join(" AND ", additional is null ? conditions : [.. conditions, additional]);

    public (string Name, object? Value)[] Parameters(params ReadOnlySpan<(string Name, object? Value)> additional) => [.. parameters, .. additional];

    private void Add(string condition, string name, object? value)
    {
        if (value is null)
            return;
        conditions.Add(condition);
        parameters.Add((name, value));
    }
}
