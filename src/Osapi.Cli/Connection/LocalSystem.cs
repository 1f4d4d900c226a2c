using Osapi.Cli.Settings;
using Osapi.Controller;

namespace Osapi.Cli.Connection;

/// <summary>Where this machine's own system is.</summary>
/// <param name="StateDirectory">Where it keeps everything.</param>
/// <param name="Socket">The socket of its controller.</param>
/// <param name="SigningKey">The key of its controller.</param>
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
