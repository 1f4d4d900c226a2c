using Osapi.Cli.Settings;
using Osapi.Controller;

namespace Osapi.Cli.Connection;

/// <summary>The location of this machine's system.</summary>
/// <param name="StateDirectory">The state directory.</param>
/// <param name="Socket">The path of the controller's Unix socket.</param>
/// <param name="SigningKey">The path of the controller's signing key.</param>
internal sealed record LocalSystem(string StateDirectory, string Socket, string SigningKey)
{
    public static LocalSystem Of(Configuration configuration)
    {
        var state = configuration.Get(GeneralSettings.StateDirectory) ?? Cli.Connection.StateDirectory.Default();
        return new(
            state,
            configuration.Get(ControllerSettings.Socket) ?? Path.Combine(state, SocketFile.Name),
            configuration.Get(ControllerSettings.SigningKey) ?? Path.Combine(state, Osapi.Controller.Auth.SigningKey.FileName));
    }
}
