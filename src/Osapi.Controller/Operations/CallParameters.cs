using System.Globalization;
using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>How a call is made, beyond what it asks: bounds, its id, whether the caller waits.</summary>
internal sealed record CallParameters
{
    private const string StartWithinName = "start_within";
    private const string CheckName = "check";
    private const string CancelOnDisconnectName = "cancel_on_disconnect";
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Query names that belong to every call on hosts; no request may have a member of such a name.</summary>
    public static IReadOnlyList<string> QueryNames { get; } = [StartWithinName, CheckName, CancelOnDisconnectName];

    public static readonly TimeSpan DefaultStartWithin = TimeSpan.FromSeconds(10);

    public required JobId JobId { get; init; }

    public required TimeSpan StartWithin { get; init; }

    /// <summary>True when the caller asked to be answered as soon as the job is accepted (RFC 7240).</summary>
    public required bool RespondAsync { get; init; }

    /// <summary>True when the call shall only say what it would change.</summary>
    public required bool Check { get; init; }

    /// <summary>True when the job is cancelled if its caller is gone before the answer.</summary>
    public required bool CancelOnDisconnect { get; init; }

    public static CallParameters Read(HttpRequest request, List<Problem> problems) => new()
    {
        JobId = ReadJobId(request, problems),
        StartWithin = ReadStartWithin(request, problems),
        Check = ReadFlag(request, CheckName, problems),
        CancelOnDisconnect = ReadFlag(request, CancelOnDisconnectName, problems),
        RespondAsync = request.Headers["Prefer"]
            .SelectMany(value => (value ?? "").Split(',', ';'))
            .Any(preference => preference.Trim().Equals("respond-async", StringComparison.OrdinalIgnoreCase)),
    };

    /// <summary>True when the caller only asks what the call would change; false where there is nothing to ask.</summary>
    public static bool ReadCheck(HttpRequest request, Operation operation, List<Problem> problems) =>
        operation.CanBeChecked && ReadFlag(request, CheckName, problems);

    /// <summary>True when a name in the query is about the call, not a member of its request.</summary>
    public static bool IsOfTheCall(string name, Operation operation) =>
        (operation.RunsOn == RunsOn.Host ? QueryNames : operation.CanBeChecked ? [CheckName] : []).Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool ReadFlag(HttpRequest request, string name, List<Problem> problems)
    {
        var texts = request.Query[name];
        if (texts.Count == 0)
            return false;
        // Taking anything else for "no" would change what the caller only asked about.
        if (texts is [{ } text] && bool.TryParse(text, out var flag))
            return flag;
        problems.Add(new(name, "must be true or false"));
        return false;
    }

    /// <summary>The id of the job that a call becomes: the caller's choice, or a new one.</summary>
    public static JobId ReadJobId(HttpRequest request, List<Problem> problems)
    {
        var keys = request.Headers[IdempotencyKey];
        if (keys.Count == 0)
            return Osapi.Operations.JobId.New();
        // All zeros is what a caller sends who forgot to choose: two of them would get each other's answers.
        if (keys is [{ } key] && Osapi.Operations.JobId.TryParse(key.Trim('"'), out var id) && !id.IsEmpty)
            return id;
        problems.Add(new(IdempotencyKey, "must be one UUID, and not the one of zeros"));
        return default;
    }

    private static TimeSpan ReadStartWithin(HttpRequest request, List<Problem> problems)
    {
        var texts = request.Query[StartWithinName];
        if (texts.Count == 0)
            return DefaultStartWithin;
        if (texts is [{ } text] && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 3600)
            return TimeSpan.FromSeconds(seconds);
        problems.Add(new(StartWithinName, "must be one number between 1 and 3600 (seconds)"));
        return DefaultStartWithin;
    }
}
