using System.CommandLine;
using Osapi.Agent.Enrolment;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;
using Osapi.Transport.Trust;

namespace Osapi.Cli.Commands;

/// <summary>The commands <c>osapi controller fingerprint</c> and <c>osapi agent fingerprint</c>: print the fingerprint of this machine's keys.</summary>
internal static class FingerprintCommands
{
    public static Command OfController(ConnectionOptions connection) => Create(
        "Print the fingerprint of the controllers' key on this machine, which agents trust", connection, static configuration =>
        {
            using var keys = ControllerKeys.LoadOrCreate(configuration.Get(TrustSettings.ControllerKeyFile) ?? Path.Combine(LocalSystem.Of(configuration).StateDirectory, ControllerKeys.FileName));
            return keys.Public.Fingerprint;
        });

    public static Command OfAgent(ConnectionOptions connection) => Create(
        "Print the fingerprint of the key of this machine's agent, which an operator accepts", connection, static configuration =>
        {
            using var keys = AgentEnrolment.LoadKeys(LocalSystem.Of(configuration).StateDirectory);
            return keys.Public.Fingerprint;
        });

    private static Command Create(string description, ConnectionOptions connection, Func<Configuration, string> read)
    {
        Command command = new("fingerprint", description);
        command.SetAction((result, _) =>
        {
            var configuration = connection.Configuration(result);
            configuration.CheckFile();
            CryptoLibrary.Require();
            try
            {
                Terminal.Out.Line(read(configuration));
                return Task.FromResult(ExitCode.Ok);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new CommandException(ExitCode.NotPermitted, $"the key cannot be used: {exception.Message}");
            }
        });
        return command;
    }
}
