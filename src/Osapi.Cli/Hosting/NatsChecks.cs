using Osapi.Cli.Settings;
using Osapi.Transport.Nats;

namespace Osapi.Cli.Hosting;

/// <summary>Checks the settings of the broker that depend on each other, and that the files that they name can be read.</summary>
internal static class NatsChecks
{
    /// <summary>Adds the password from its file to the options, and each mistake to the configuration's problems.</summary>
    public static NatsOptions Complete(NatsOptions options, Configuration configuration)
    {
        CheckIdentity(configuration);
        SettingPairs.Files(configuration, NatsSettings.TlsCertificate, NatsSettings.TlsKey);
        var password = options.Password ?? ReadPassword(configuration);
        foreach (var setting in new[] { NatsSettings.NKeySeedFile, NatsSettings.CredentialsFile })
            SettingPairs.PrivateFile(configuration, setting);
        SettingPairs.File(configuration, NatsSettings.TlsCa);
        InsecureAddresses.CheckBroker(options.Urls, password is not null, configuration);
        return options with { Password = password };
    }

    // Exactly one kind of credentials: with two, it would be unclear which one applies.
    private static void CheckIdentity(Configuration configuration)
    {
        Setting[] ways = [NatsSettings.User, NatsSettings.NKeySeedFile, NatsSettings.CredentialsFile];
        foreach (var second in ways.Where(way => configuration.Given(way) is not null).Skip(1))
            configuration.Add(second, $"conflicts with {configuration.Name(ways.First(way => configuration.Given(way) is not null))}: only one kind of credentials may be given");
        Setting[] passwords = [NatsSettings.Password, NatsSettings.PasswordFile];
        if (passwords.All(password => configuration.Given(password) is not null))
            configuration.Add(NatsSettings.PasswordFile, $"conflicts with {configuration.Name(NatsSettings.Password)}: only one password may be given");
        var password = passwords.FirstOrDefault(password => configuration.Given(password) is not null) ?? NatsSettings.Password;
        SettingPairs.RequireBoth(configuration, NatsSettings.User, password);
    }

    private static string? ReadPassword(Configuration configuration) =>
        SettingPairs.PrivateFile(configuration, NatsSettings.PasswordFile) is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
}
