using Osapi.Operations;

namespace Osapi.Cli.Operations;

/// <summary>
/// Reads the secret values of a command line from where they are kept: <c>@env:NAME</c>, <c>@file:PATH</c>, or <c>@-</c> for the standard input. So they are
/// not seen in the list of processes, or kept in a shell's history.
/// </summary>
/// <remarks>A value that begins so itself is written with one more <c>@</c>.</remarks>
internal static class SecretValue
{
    private const string Environment = "@env:";
    private const string File = "@file:";
    private const string Input = "@-";

    /// <summary>Replaces the references in the values of a member.</summary>
    /// <param name="flag">The option, for problems.</param>
    /// <param name="values">The values, as texts or as <c>NAME=value</c>.</param>
    /// <param name="arePairs">True for <c>NAME=value</c>.</param>
    /// <param name="problems">What is wrong is added.</param>
    public static IReadOnlyList<string> Resolve(string flag, IReadOnlyList<string> values, bool arePairs, List<string> problems) => [.. values.Select(value =>
    {
        var start = arePairs ? value.IndexOf('=', StringComparison.Ordinal) + 1 : 0;
        return arePairs && start == 0 ? value : value[..start] + Resolve(flag, value[start..], problems);
    })];

    private static string Resolve(string flag, string value, List<string> problems)
    {
        try
        {
            if (value.StartsWith('@') && IsReference(value[1..]))
                return value[1..];
            return !IsReference(value) ? value
                : value.StartsWith(Environment, StringComparison.Ordinal) ? Secret.FromEnvironment(value[Environment.Length..])
                : value.StartsWith(File, StringComparison.Ordinal) ? Secret.FromFile(value[File.Length..])
                : ReadInput();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException)
        {
            problems.Add($"{flag} cannot be read: {exception.Message}");
            return value;
        }
    }

    private static bool IsReference(string value) =>
        value.StartsWith(Environment, StringComparison.Ordinal) || value.StartsWith(File, StringComparison.Ordinal) || value == Input;

    private static string ReadInput()
    {
        using var input = Console.OpenStandardInput();
        return Secret.FromStream(input, "the standard input");
    }
}
