namespace Osapi.Agent.Hosts.Users;

/// <summary>The files in which a host keeps its users and groups.</summary>
internal static class AccountFiles
{
    public const string Passwd = "/etc/passwd", Group = "/etc/group", Shadow = "/etc/shadow", GroupShadow = "/etc/gshadow", Mailboxes = "/var/mail", Lingering = "/var/lib/systemd/linger";

    private const string LoginDefinitions = "/etc/login.defs", UserDefaults = "/etc/default/useradd";

    /// <summary>All files that the tools write.</summary>
    public static IReadOnlyList<string> Written => [Passwd, Group, Shadow, GroupShadow];

    /// <summary>Gets the directory in which a new home directory is created.</summary>
    public static string HomesOf(Host host) => Setting(host, UserDefaults, "HOME", '=') ?? "/home";

    /// <summary>Gets the range of the numbers of people's accounts, from its first to its last.</summary>
    /// <param name="host">The host.</param>
    /// <param name="kind">UID or GID.</param>
    public static (uint First, uint Last) RangeOf(Host host, string kind) =>
        (Number(host, kind + "_MIN") ?? 1000, Number(host, kind + "_MAX") ?? 60_000);

    private static uint? Number(Host host, string name) => uint.TryParse(Setting(host, LoginDefinitions, name, ' '), out var number) ? number : null;

    private static string? Setting(Host host, string path, string name, char separator) =>
        (host.ReadFirst(path) ?? "").Split('\n')
            .Select(line => line.Replace('\t', ' ').Trim().Split(separator, 2, StringSplitOptions.TrimEntries))
            .LastOrDefault(words => words is [var first, { Length: > 0 }] && first == name)?[1].Trim('"');
}
