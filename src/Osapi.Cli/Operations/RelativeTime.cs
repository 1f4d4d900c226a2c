using System.Globalization;
using Osapi.Plans;

namespace Osapi.Cli.Operations;

/// <summary>A time on the command line that is given by its age: <c>--since 1h</c>.</summary>
internal static class RelativeTime
{
    /// <summary>The end of the description of an option that takes a time.</summary>
    public const string Description = "; or its age: 30s, 15m, 1h, 7d";

    /// <summary>Returns the time in RFC 3339 when the text is an age; otherwise the text.</summary>
    public static string Resolve(string text, DateTimeOffset now) =>
        Duration.TryParse(text, CultureInfo.InvariantCulture, out var age) && age.Value < now - DateTimeOffset.UnixEpoch
            ? (now - age.Value).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : text;
}
