using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;
using Osapi.Transport.Trust;

namespace Osapi.Cli.Commands;

/// <summary>The commands <c>osapi controller key</c>: change the controllers' keys on this machine, step by step.</summary>
internal static class KeyChangeCommands
{
    public static Command Create(ConnectionOptions connection) => new("key", "Change the key of the controllers without a gap (docs/enrolment.md)")
    {
        Create("show", "Show the keys of this machine: the present one, and the one that follows or precedes it", connection, static path =>
        {
            using var keys = ControllerKeyChain.Load(path);
            Show(keys);
        }),
        Create("create-next", "Create the next key beside the present one; copy it to the other controllers, and start all of them again", connection, static path =>
        {
            var next = ControllerKeyChain.CreateNext(path);
            using var keys = ControllerKeyChain.Load(path);
            Show(keys);
            Terminal.Out.Line($"Copy {next} to the same place on every other controller, and start all controllers again, one after the other. When no agent has the condition KeyChange (osapi agent list), run osapi controller key switch on each of them.");
        }),
        Create("switch", "Make the next key the present one, and keep the present one as the previous; start the controller again", connection, static path =>
        {
            ControllerKeyChain.Switch(path);
            using var keys = ControllerKeyChain.Load(path);
            Show(keys);
            Terminal.Out.Line("Start this controller again, and switch the others. Retire the previous key when no agent has the condition KeyChange, and no job is kept that is older than the switch.");
        }),
        Create("retire", "Remove the previous key: what was written with it can no longer be read; start the controller again", connection, static path =>
        {
            ControllerKeyChain.Retire(path);
            using var keys = ControllerKeyChain.Load(path);
            Show(keys);
            Terminal.Out.Line("Start this controller again, and retire the key on the others.");
        }),
    };

    private static Command Create(string name, string description, ConnectionOptions connection, Action<string> act)
    {
        Command command = new(name, description);
        command.SetAction((result, _) =>
        {
            var configuration = connection.Configuration(result);
            configuration.CheckFile();
            CryptoLibrary.Require();
            try
            {
                act(configuration.Get(TrustSettings.ControllerKeyFile) ?? Path.Combine(LocalSystem.Of(configuration).StateDirectory, ControllerKeys.FileName));
                return Task.FromResult(ExitCode.Ok);
            }
            catch (KeyChangeException exception)
            {
                throw new CommandException(ExitCode.Failed, exception.Message);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new CommandException(ExitCode.NotPermitted, $"the key cannot be used: {exception.Message}");
            }
        });
        return command;
    }

    private static void Show(ControllerKeyChain keys)
    {
        Terminal.Out.Line($"present   {keys.Present.Public.Fingerprint}");
        if (keys.Next is { } next)
            Terminal.Out.Line($"next      {next.Public.Fingerprint}");
        if (keys.Previous is { } previous)
            Terminal.Out.Line($"previous  {previous.Public.Fingerprint}");
    }
}
