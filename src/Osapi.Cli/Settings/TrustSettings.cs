namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>trust</c>: the authentication between controllers and agents on a broker.</summary>
internal static class TrustSettings
{
    public static Setting<string> Unsigned { get; } = new("trust.unsigned", SettingReaders.One(SettingReaders.Choice(["allow", "refuse"])))
    {
        Summary = "The decision about messages without a signature: `allow` while hosts have no keys yet; a host with a key is never believed without",
        Default = "`allow`",
        Range = "`allow`, `refuse`",
        ApplyToNode = (node, value) => node with { Trust = node.Trust with { AllowsUnsigned = value == "allow" } },
    };

    public static Setting<string> UnsealedSecrets { get; } = new("trust.unsealed_secrets", SettingReaders.One(SettingReaders.Choice(["refuse", "allow"])))
    {
        Summary = "The decision about secrets for hosts without a key, which the broker can read: `refuse` such a call, or `allow` it as version 0.1 did",
        Default = "`refuse`",
        Range = "`refuse`, `allow`",
        ApplyToNode = (node, value) => node with { Trust = node.Trust with { AllowsUnsealedSecrets = value == "allow" } },
    };

    public static Setting<string> ControllerKeyFile { get; } = new("trust.controller_key_file", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The controllers' private keys, created when they do not exist; all controllers of a system need the same file",
        Default = "`controller.key` in `state_dir`",
        Sample = "/var/lib/osapi/controller.key",
        Range = "a file that only its owner can read",
        ApplyToNode = (node, value) => node with { Trust = node.Trust with { ControllerKeyFile = value } },
    };

    public static IReadOnlyList<Setting> All => [Unsigned, UnsealedSecrets, ControllerKeyFile];
}
