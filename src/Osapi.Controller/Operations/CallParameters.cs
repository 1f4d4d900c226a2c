using System.Globalization;
using Microsoft.AspNetCore.Http;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>How a call is made, beyond what it asks: bounds, its id, whether the caller waits.</summary>
internal sealed record CallParameters
{
    /// <summary>Query names that belong to every call; no request may have a member of such a name.</summary>
    public static IReadOnlyList<string> QueryNames { get; } = ["start_within", "check"];

    public static readonly TimeSpan DefaultStartWithin = TimeSpan.FromSeconds(10);

    public required string JobId { get; init; }

    public required TimeSpan StartWithin { get; init; }

    /// <summary>True when the caller asked to be answered as soon as the job is accepted (RFC 7240).</summary>
    public required bool RespondAsync { get; init; }

    /// <summary>True when hosts shall only say what they would change.</summary>
    public required bool Check { get; init; }

    public static CallParameters Read(HttpRequest request, List<Problem> problems) => new()
    {
        JobId = ReadJobId(request, problems),
        StartWithin = ReadStartWithin(request, problems),
        Check = ReadCheck(request, problems),
        RespondAsync = request.Headers["Prefer"].Any(value => value?.Contains("respond-async", StringComparison.OrdinalIgnoreCase) == true),
    };

    private static bool ReadCheck(HttpRequest request, List<Problem> problems)
    {
        if (request.Query["check"] is not [{ } text])
            return false;
        if (!bool.TryParse(text, out var check))
            problems.Add(new("check", "must be true or false"));
        return check;
    }

    private static string ReadJobId(HttpRequest request, List<Problem> problems)
    {
        if (request.Headers["Idempotency-Key"] is not [{ } key])
            return Guid.CreateVersion7().ToString();
        if (!Guid.TryParseExact(key.Trim('"'), "D", out var id))
            problems.Add(new("Idempotency-Key", "must be a UUID"));
        return id.ToString();
    }

    private static TimeSpan ReadStartWithin(HttpRequest request, List<Problem> problems)
    {
        if (request.Query["start_within"] is not [{ } text])
            return DefaultStartWithin;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 3600)
            return TimeSpan.FromSeconds(seconds);
        problems.Add(new("start_within", "must be between 1 and 3600 (seconds)"));
        return DefaultStartWithin;
    }
}
