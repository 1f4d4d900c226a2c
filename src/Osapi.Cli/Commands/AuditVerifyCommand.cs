using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;
using Osapi.Hosting;
using Osapi.Operations;
using Osapi.Operations.Audit;
using Osapi.Transport;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi audit verify</c>: verifies the chains of the audit log, through the controller or on files.</summary>
internal static class AuditVerifyCommand
{
    private static readonly Option<string?> State = new("--state") { Description = "Verify the files of a controller's state directory, with the key in it, instead of asking the controller", HelpName = "path" };
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print the result as JSON" };

    public static Command Create(ConnectionOptions connection)
    {
        Command command = new("verify", "Verifies the audit log: that no entry was changed, removed, swapped or cut. The exit code is 1 if anything is wrong.") { State, Json };
        command.Action = new CheckedAction((result, problems) =>
        {
            var state = result.GetValue(State);
            var json = result.GetValue(Json);
            if (state is not null)
            {
                var configuration = connection.Configuration(result);
                configuration.CheckFile();
                return cancellationToken => VerifyFilesAsync(Path.GetFullPath(state), configuration.Get(TrustSettings.ControllerKeyFile), json, cancellationToken);
            }

            var settings = connection.Read(result, problems);
            return cancellationToken => AskAsync(settings, json, cancellationToken);
        });
        return command;
    }

    private static async Task<int> AskAsync(ConnectionSettings settings, bool json, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        return Print(await connection.Client.Audit.VerifyAsync(cancellationToken: cancellationToken), json);
    }

    private static async Task<int> VerifyFilesAsync(string directory, string? keyFile, bool json, CancellationToken cancellationToken)
    {
        CryptoLibrary.Require();
        try
        {
            var (verdict, note) = await AuditOfDirectory.VerifyAsync(directory, keyFile, cancellationToken);
            if (note is not null)
                Terminal.Error.Line($"note: {note}");
            return Print(verdict, json);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or TransportException)
        {
            throw new CommandException(ExitCode.NotPermitted, $"the audit log in {directory} cannot be verified: {exception.Message}");
        }
    }

    private static int Print(AuditVerdict verdict, bool json)
    {
        if (json)
            Terminal.Out.Line(JsonSerializer.Serialize(verdict, AuditOperations.Verify.Result));
        else
            PrintText(verdict);
        return verdict.ProblemCount == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void PrintText(AuditVerdict verdict)
    {
        foreach (var chain in verdict.Chains)
            Terminal.Out.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"chain {chain.Controller}{(chain.IsCopy ? " (copy)" : "")}: {chain.Entries} {(chain.Entries == 1 ? "entry" : "entries")}, {chain.First} to {chain.Last}, compared with {chain.Anchors} {(chain.Anchors == 1 ? "head" : "heads")}"));
        foreach (var problem in verdict.Problems)
            Terminal.Out.Line(string.Create(CultureInfo.InvariantCulture, $"{problem.Problem}: chain {problem.Controller}, entry {problem.Number}: {ControlCharacters.Escape(problem.Detail)}"));
        if (verdict.ProblemCount > verdict.Problems.Count)
            Terminal.Out.Line(string.Create(CultureInfo.InvariantCulture, $"and {verdict.ProblemCount - verdict.Problems.Count} more"));
        Terminal.Out.Line(verdict.ProblemCount == 0 ? "the audit log is intact" : "the audit log is NOT intact");
    }
}
