using Osapi.Cli.Settings;
using Osapi.Transport.Nats;

namespace Osapi.Cli.Hosting;

/// <summary>Checks the settings of the broker that depend on each other, and that the files that they name can be read.</summary>
internal static class NatsChecks
{
    /// <summary>Adds the password of a file to the options; what is wrong becomes a problem of the configuration.</summary>
    public static NatsOptions Complete(NatsOptions options, Configuration configuration)
    {
        CheckIdentity(configuration);
        SettingPairs.Files(configuration, NatsSettings.TlsCertificate, NatsSettings.TlsKey);
        var password = options.Password ?? ReadPassword(configuration);
        foreach (var setting in new[] { NatsSettings.NKeySeedFile, NatsSettings.CredentialsFile, NatsSettings.TlsCa })
            SettingPairs.File(configuration, setting);
        return options with { Password = password };
    }

    // One way to say who it is: of two, nobody would know which one counts.
    private static void CheckIdentity(Configuration configuration)
    {
        Setting[] ways = [NatsSettings.User, NatsSettings.NKeySeedFile, NatsSettings.CredentialsFile];
        foreach (var second in ways.Where(way => configuration.Given(way) is not null).Skip(1))
            configuration.Add(second, $"is one way too many: {configuration.Name(ways.First(way => configuration.Given(way) is not null))} says already who this is");
        Setting[] passwords = [NatsSettings.Password, NatsSettings.PasswordFile];
        if (passwords.All(password => configuration.Given(password) is not null))
            configuration.Add(NatsSettings.PasswordFile, $"is one password too many: {configuration.Name(NatsSettings.Password)} is given, too");
        var password = passwords.FirstOrDefault(password => configuration.Given(password) is not null) ?? NatsSettings.Password;
        SettingPairs.Together(configuration, NatsSettings.User, password);
    }

    private static string? ReadPassword(Configuration configuration) =>
        SettingPairs.File(configuration, NatsSettings.PasswordFile) is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
}
