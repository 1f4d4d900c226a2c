using Osapi.Agent.Hosts.Restrictions;

namespace Osapi.Cli.Settings;

/// <summary>The settings <c>agent.allow</c> and <c>agent.deny</c>: the limits of an agent, whatever a controller sends.</summary>
internal static class RestrictionSettings
{
    private const string OperationRange = "ids of operations, or their beginning and `*`: `file.*`";
    private const string CommandRange = "absolute paths; `/DIRECTORY/*` for all programs directly in a directory";
    private const string PathRange = "absolute paths of files and directories";
    private const string UserRange = "names or numbers of users";
    private const string ImageRange = "names of images; without a tag: every tag; `REGISTRY/PATH/*` for all below a path";

    public static Setting<IReadOnlyList<string>> AllowOperations { get; } = Allow("operations", RestrictionTexts.Operation, "Operations that the agent runs; others are denied", OperationRange, "[file.*]", (lists, value) => lists with { Operations = value });

    public static Setting<IReadOnlyList<string>> AllowCommands { get; } = Allow("commands", RestrictionTexts.Command, "Programs that commands of callers run; others are denied, also a shell", CommandRange, "[/usr/bin/id]", (lists, value) => lists with { Commands = value });

    public static Setting<IReadOnlyList<string>> AllowPaths { get; } = Allow("paths", RestrictionTexts.Directory, "Files and directories that operations read and change for callers; a directory covers everything below it", PathRange, "[/srv/www]", (lists, value) => lists with { Paths = value });

    public static Setting<IReadOnlyList<string>> AllowUsers { get; } = Allow("users", RestrictionTexts.User, "Users whose files operations create, change and remove", UserRange, "[www-data]", (lists, value) => lists with { Users = value });

    public static Setting<IReadOnlyList<string>> AllowImages { get; } = Allow("images", RestrictionTexts.Image, "Images that are pulled and run", ImageRange, "[nginx:1.27]", (lists, value) => lists with { Images = value });

    public static Setting<IReadOnlyList<string>> DenyOperations { get; } = Deny("operations", RestrictionTexts.Operation, "Operations that the agent does not run, even when they are allowed", OperationRange, "[file.*]", (lists, value) => lists with { Operations = value });

    public static Setting<IReadOnlyList<string>> DenyCommands { get; } = Deny("commands", RestrictionTexts.Command, "Programs that commands of callers do not run; a shell is then denied too, unless `agent.allow.commands` lists it", CommandRange, "[/usr/bin/id]", (lists, value) => lists with { Commands = value });

    public static Setting<IReadOnlyList<string>> DenyPaths { get; } = Deny("paths", RestrictionTexts.Directory, "Files and directories that operations neither read nor change for callers", PathRange, "[/srv/www]", (lists, value) => lists with { Paths = value });

    public static Setting<IReadOnlyList<string>> DenyUsers { get; } = Deny("users", RestrictionTexts.User, "Users whose files operations do not create, change or remove", UserRange, "[www-data]", (lists, value) => lists with { Users = value });

    public static Setting<IReadOnlyList<string>> DenyImages { get; } = Deny("images", RestrictionTexts.Image, "Images that are neither pulled nor run", ImageRange, "[nginx:1.27]", (lists, value) => lists with { Images = value });

    public static IReadOnlyList<Setting> All =>
        [AllowOperations, AllowCommands, AllowPaths, AllowUsers, AllowImages, DenyOperations, DenyCommands, DenyPaths, DenyUsers, DenyImages];

    private static Setting<IReadOnlyList<string>> Allow(string name, TextReader<string> read, string summary, string range, string sample, Func<RestrictionLists, IReadOnlyList<string>, RestrictionLists> set) =>
        Create($"agent.allow.{name}", read, summary, "everything", range, sample, (limits, value) => limits with { Allow = set(limits.Allow, value) });

    private static Setting<IReadOnlyList<string>> Deny(string name, TextReader<string> read, string summary, string range, string sample, Func<RestrictionLists, IReadOnlyList<string>, RestrictionLists> set) =>
        Create($"agent.deny.{name}", read, summary, "none", range, sample, (limits, value) => limits with { Deny = set(limits.Deny, value) });

    private static Setting<IReadOnlyList<string>> Create(string key, TextReader<string> read, string summary, string absent, string range, string sample, Func<AgentRestrictions, IReadOnlyList<string>, AgentRestrictions> set) => new(key, SettingReaders.List(read))
    {
        Summary = summary,
        Default = absent,
        Sample = sample,
        Range = range,
        Shape = SettingShape.List,
        ApplyToAgent = (agent, value) => agent with { Restrictions = set(agent.Restrictions, value) },
    };
}
