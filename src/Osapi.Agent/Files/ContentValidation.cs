using System.Globalization;
using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Transactions;
using Osapi.Operations;
using Osapi.Operations.Checks;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>The validation of a file's new content, before it is put in its place.</summary>
internal static class ContentValidation
{
    private const int MaxDepth = 1000;

    /// <summary>Requires that the agent's configuration allows the validator's program: a configuration can load code into it.</summary>
    /// <exception cref="OperationException">It is denied.</exception>
    public static void RequireAllowed(FileValidation? validation, Host host)
    {
        // One that is missing may be installed by an earlier task of the plan.
        if (ValidatorOf(validation) is { } validator && Find(validator) is { } program)
            host.RequireAllowed(new ProcessRequest(program, validator.Arguments));
    }

    /// <summary>Validates content that needs no program, also in a check.</summary>
    /// <exception cref="OperationException">It is not valid.</exception>
    public static void ValidateInMemory(FilePath path, FileValidation? validation, FileVersion content)
    {
        if (validation != FileValidation.Json)
            return;
        if (content.Bytes is not { } bytes)
            throw new OperationException(ErrorType.Invalid, $"the new content of {path} has {content.Size} bytes; json is validated up to {FileContent.InMemoryLimit}");
        try
        {
            Utf8JsonReader reader = new(bytes, new() { MaxDepth = MaxDepth });
            while (reader.Read())
            {
            }
        }
        catch (JsonException invalid)
        {
            throw new OperationException(ErrorType.Conflict, string.Create(CultureInfo.InvariantCulture, $"{path} is not written: its new content is not JSON at line {invalid.LineNumber + 1}, byte {invalid.BytePositionInLine + 1}"));
        }
    }

    /// <summary>Creates the validation of a finished file by a program of the host; null when none is requested.</summary>
    /// <param name="path">The file.</param>
    /// <param name="validation">The requested validator.</param>
    /// <param name="host">The host.</param>
    /// <param name="directory">The directory of the file.</param>
    /// <param name="isOutputShown">True when everybody may see the content, which the program's output can repeat.</param>
    /// <exception cref="OperationException">The directory is not safe for that.</exception>
    public static Func<string, CancellationToken, Task>? Of(FilePath path, FileValidation? validation, Host host, HostDirectory directory, bool isOutputShown)
    {
        if (ValidatorOf(validation) is not { } validator)
            return null;
        // In another directory a user could lead the program, which runs as root, to another file.
        if (!directory.IsTrusted)
            throw new OperationException(ErrorType.Conflict, $"{path} cannot be validated with {validator.Program}: other users can change its directory {Path.GetDirectoryName(path.Value)}");
        return async (file, cancellationToken) =>
        {
            var program = Find(validator) ?? throw new OperationException(ErrorType.Unavailable, $"there is no {validator.Program} on this host, which validate needs: install the package {validator.Package}");
            host.RequireAllowed(new ProcessRequest(program, validator.Arguments));
            var output = await host.ToolAsync(program, [.. validator.Arguments, file], cancellationToken);
            if (output.ExitCode == 0)
                return;
            var reason = isOutputShown
                ? ControlCharacters.Escape(TransactionOutput.TailOf($"{output.Error}\n{output.Output}".Replace(file, path.Value, StringComparison.Ordinal)))
                : string.Create(CultureInfo.InvariantCulture, $"exit code {output.ExitCode} (its output is not shown, because it may repeat content that not everybody may see)");
            throw new OperationException(ErrorType.Conflict, $"{path} is not written: {validator.Program} refuses its new content: {reason}");
        };
    }

    // In the directories of the system: some programs of administrators must be started by their full path.
    private static string? Find(Validator validator)
    {
        try
        {
            return ProgramFile.Find(validator.Program, path: null);
        }
        catch (OperationException)
        {
            return null;
        }
    }

    private static Validator? ValidatorOf(FileValidation? validation) => validation switch
    {
        FileValidation.Visudo => new("sudo", "visudo", ["-c", "-f"]),
        FileValidation.Sshd => new("openssh-server", "sshd", ["-t", "-f"]),
        FileValidation.Nginx => new("nginx", "nginx", ["-t", "-q", "-c"]),
        FileValidation.Apache => new("apache2", "apache2ctl", ["-t", "-f"]),
        FileValidation.Named => new("bind9-utils", "named-checkconf", []),
        FileValidation.Haproxy => new("haproxy", "haproxy", ["-c", "-q", "-f"]),
        FileValidation.Nft => new("nftables", "nft", ["-c", "-f"]),
        _ => null,
    };

    private sealed record Validator(string Package, string Program, IReadOnlyList<string> Arguments);
}
