namespace Osapi.Operations.Sysctl;

/// <summary>The setting of the examples.</summary>
internal static class SysctlExamples
{
    public const string Key = "net.ipv4.conf.all.log_martians";

    public const string Path = $"/etc/sysctl.d/90-osapi-{Key}.conf";

    public static SysctlSetting Setting => new() { Key = Key, Value = "1", Managed = true, Persisted = "1", Path = Path };
}
