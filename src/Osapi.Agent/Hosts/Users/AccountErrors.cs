using System.Globalization;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Users;

/// <summary>Explains the failures of the tools that change accounts, by their exit codes (useradd(8) and its siblings).</summary>
internal static class AccountErrors
{
    private const int IdInUse = 4, Unknown = 6, InUse = 8, NameInUse = 9;

    // What setsid, flock and the kernel say of a program that is not there.
    private const string NoSuchFile = "No such file or directory";

    public static OperationException Of(string tool, int code, string text)
    {
        var cause = string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (text.Contains($"execute {tool}", StringComparison.Ordinal) && text.Contains(NoSuchFile, StringComparison.Ordinal))
            return Missing(tool);
        if (text.Contains("cannot lock", StringComparison.Ordinal))
            return new(ErrorType.Unavailable, $"another program has the accounts of this host locked: {cause}");
        var type = code switch
        {
            IdInUse or InUse or NameInUse => ErrorType.Conflict,
            Unknown => ErrorType.NotFound,
            _ => text.Contains("Read-only file system", StringComparison.Ordinal) ? ErrorType.Unavailable : ErrorType.Failed,
        };
        return new(type, string.Create(CultureInfo.InvariantCulture, $"{tool} failed with exit code {code}{(cause.Length > 0 ? $": {cause}" : "")}"));
    }

    /// <summary>Creates the error for a tool that the host does not have.</summary>
    public static OperationException Missing(string tool) => new(ErrorType.Unavailable, $"there is no {tool} on this host: operations on users and groups need the package passwd (shadow-utils)");

    /// <summary>Creates the error for an account of a directory service.</summary>
    public static OperationException NotLocal(string kind, string name) =>
        new(ErrorType.Conflict, $"the {kind} {name} comes from a directory service and is not in the host's own files, so it is changed there only");
}
