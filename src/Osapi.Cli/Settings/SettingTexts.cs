using System.Globalization;
using System.Net;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Plans;
using Osapi.Transport.Enrolment;

namespace Osapi.Cli.Settings;

/// <summary>The parsers for texts of settings.</summary>
internal static class SettingTexts
{
    private static readonly (string Unit, long Bytes)[] Sizes = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("", 1)];

    public static TextReader<int?> Number(int least, int most) => text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? (number, null)
            : (null, $"must be a number between {least} and {most}");

    public static TextReader<double?> Fraction(double least, double most) => text =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? (number, null)
            : (null, string.Create(CultureInfo.InvariantCulture, $"must be a number between {least} and {most}"));

    /// <summary>Creates a parser for sizes in bytes: a whole number, optionally with KiB, MiB or GiB.</summary>
    public static TextReader<long?> Size(long least, long most, string expected) => text =>
    {
        var (unit, bytes) = Sizes.First(size => text.EndsWith(size.Unit, StringComparison.OrdinalIgnoreCase));
        return long.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most / bytes && number * bytes >= least
            ? (number * bytes, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not a size: expected {expected}, such as 8MiB");
    };

    public static TextReader<TimeSpan?> Time(TimeSpan least, TimeSpan most, string expected) => text =>
        Duration.TryParse(text, provider: null, out var duration) && duration.Value is var time && time >= least && time <= most
            ? (time, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not a time: expected {expected}, as {Duration.Expected}");

    /// <summary>Parses the path of a file or directory and makes it absolute.</summary>
    public static (string?, string?) Path(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? (null, "is not a path") : (System.IO.Path.GetFullPath(text), null);

    /// <summary>Parses any text without control characters.</summary>
    public static (string?, string?) Text(string text) => text.Any(char.IsControl) ? (null, "contains control characters") : (text, null);

    /// <summary>Accepts any text; it is validated where it is used.</summary>
    public static (string?, string?) Unchanged(string text) => (text, null);

    public static (string?, string?) Hostname(string text) =>
        Target.TryParse(text, provider: null, out var target) && target.Kind == TargetKind.Host ? (text, null) : (null, $"'{SettingReaders.Excerpt(text)}' is not a host name");

    // Host names are rejected: they would need name resolution, and the server treats them as every address of the machine.
    public static (Uri?, string?) Listen(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "", Fragment: "" }
            && (IPAddress.TryParse(url.DnsSafeHost, out _) || url is { Host: "localhost", Port: > 0 })
            ? (url, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not an address to listen on: expected http://IP:PORT (0.0.0.0 for every address) or http://localhost:PORT, https:// with a certificate");

    // A password in an address would appear wherever the address is shown.
    public static (string?, string?) Broker(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "nats" or "tls", Host.Length: > 0, PathAndQuery: "/" or "", Fragment: "" })
            return url.UserInfo.Length == 0 ? (url.ToString().TrimEnd('/'), null) : (null, "contains a user or a password: use nats.user and nats.password instead");
        return (null, $"{(text.Contains('@', StringComparison.Ordinal) ? "" : $"'{SettingReaders.Excerpt(text)}' ")}is not the address of a broker: expected nats://HOST:PORT or tls://HOST:PORT");
    }

    public static (string?, string?) Prefix(string text) =>
        text.Length is >= 1 and <= 32 && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? (text, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not a prefix of names: expected 1 to 32 lower-case letters, digits and '-'");

    public static (string?, string?) UnixSocket(string text) =>
        text.StartsWith("unix:///", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out _)
            ? (text, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not a Unix socket: expected unix:///PATH");

    public static (string?, string?) Subject(string text) =>
        text.Split('.').All(token => token.Length > 0 && token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '=' or '-'))
            ? (text, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not a subject: expected words separated by '.'");

    public static (string?, string?) ApiPrefix(string text) =>
        text.Split('.').All(token => token.Length > 0 && token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '$' or '_' or '=' or '-'))
            ? (text, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not a subject: expected words separated by '.'");

    // The text is a secret, also when it is not valid.
    public static (JoinToken?, string?) JoinToken(string text) =>
        Osapi.Transport.Enrolment.JoinToken.TryParse(text.Trim(), provider: null, out var token) ? (token, null) : (null, "is not a join token, or a part of it is missing: expected the output of 'osapi agent join-token'");

    public static (string?, string?) Fingerprint(string text) =>
        Osapi.Operations.Json.Text.TryParse<KeyFingerprint>(text) is { } fingerprint ? (fingerprint.Value, null) : (null, $"'{SettingReaders.Excerpt(text)}' is not the fingerprint of a key: expected SHA256: and 43 characters");

    // A cluster decides by majority: an even number of servers is no safer than one server less.
    public static (int?, string?) Replicas(string text) => text is "1" or "3" or "5" ? (text[0] - '0', null) : (null, "must be 1, 3 or 5");
}
