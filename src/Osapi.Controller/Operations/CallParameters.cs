using System.Globalization;
using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>The parameters of a call that are not part of its request: limits, id, waiting.</summary>
internal sealed record CallParameters
{
    private const string StartWithinName = "start_within";
    private const string CheckName = "check";
    private const string CancelOnDisconnectName = "cancel_on_disconnect";
    private const string MaxOutputPreference = "max-output=";
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The query names that every call on hosts has; no request may have a member of such a name.</summary>
    public static IReadOnlyList<string> QueryNames { get; } = [StartWithinName, CheckName, CancelOnDisconnectName];

    public static readonly TimeSpan DefaultStartWithin = TimeSpan.FromSeconds(10);

    public required JobId JobId { get; init; }

    /// <summary>True when the caller has not chosen the id.</summary>
    public required bool HasNewId { get; init; }

    public required TimeSpan StartWithin { get; init; }

    /// <summary>True when the caller wants the response as soon as the job is accepted (RFC 7240).</summary>
    public required bool RespondAsync { get; init; }

    /// <summary>True for a check.</summary>
    public required bool Check { get; init; }

    /// <summary>True when the job is cancelled if its caller disconnects before the response.</summary>
    public required bool CancelOnDisconnect { get; init; }

    public static CallParameters Read(HttpRequest request, List<Problem> problems) => new()
    {
        JobId = ReadJobId(request, problems),
        HasNewId = request.Headers[IdempotencyKey].Count == 0,
        StartWithin = ReadStartWithin(request, problems),
        Check = ReadFlag(request, CheckName, problems),
        CancelOnDisconnect = ReadFlag(request, CancelOnDisconnectName, problems),
        RespondAsync = ReadRespondAsync(request),
    };

    /// <summary>Reads whether the caller wants the response as soon as the job is accepted.</summary>
    public static bool ReadRespondAsync(HttpRequest request) => PreferencesOf(request).Any(preference => preference.Equals("respond-async", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Reads the size up to which the caller wants an output whole, in bytes; of a larger one it gets the beginning and the end. Null for
    /// a caller that wants every output whole. As with every preference, one that cannot be read counts as not given.
    /// </summary>
    public static long? ReadMaxOutput(HttpRequest request)
    {
        foreach (var preference in PreferencesOf(request))
            if (preference.StartsWith(MaxOutputPreference, StringComparison.OrdinalIgnoreCase)
                && long.TryParse(preference.AsSpan(MaxOutputPreference.Length).Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
                return bytes;
        return null;
    }

    private static IEnumerable<string> PreferencesOf(HttpRequest request) => request.Headers["Prefer"].SelectMany(value => (value ?? "").Split(',', ';')).Select(preference => preference.Trim());

    /// <summary>Reads the check parameter; false for an operation that cannot be checked.</summary>
    public static bool ReadCheck(HttpRequest request, Operation operation, List<Problem> problems) =>
        operation.CanBeChecked && ReadFlag(request, CheckName, problems);

    /// <summary>True when a query name is a call parameter, not a member of the request.</summary>
    public static bool IsCallParameter(string name, Operation operation) =>
        (operation.RunsOn == RunsOn.Host ? QueryNames : operation.CanBeChecked ? [CheckName] : []).Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a flag of the query; false when it is not given.</summary>
    public static bool ReadFlag(HttpRequest request, string name, List<Problem> problems)
    {
        var texts = request.Query[name];
        if (texts.Count == 0)
            return false;
        // Treating any other text as "no" would make changes when the caller only wanted a check.
        if (texts is [{ } text] && bool.TryParse(text, out var flag))
            return flag;
        problems.Add(new(name, "must be true or false"));
        return false;
    }

    /// <summary>Reads the id of the call's job: the caller's choice, or a new one.</summary>
    public static JobId ReadJobId(HttpRequest request, List<Problem> problems)
    {
        var keys = request.Headers[IdempotencyKey];
        if (keys.Count == 0)
            return Osapi.Operations.JobId.New();
        // All zeros is an id that the caller forgot to set: two such callers would get each other's responses.
        if (keys is [{ } key] && Osapi.Operations.JobId.TryParse(key.Trim('"'), out var id) && !id.IsEmpty)
            return id;
        problems.Add(new(IdempotencyKey, "must be a single UUID other than all zeros"));
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
