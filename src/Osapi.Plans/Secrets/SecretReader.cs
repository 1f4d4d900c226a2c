using Osapi.Plans.Values;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Secrets;

/// <summary>Reads the secrets that a plan file declares, not their values.</summary>
internal sealed class SecretReader(KnownValues known, List<FileProblem> problems)
{
    private static readonly IReadOnlyList<string> Keys = ["env", "file", "prompt", "command"];

    public IReadOnlyList<SecretSource> Read(YamlNode? node)
    {
        if (node is null)
            return [];
        if (node is YamlMapping mapping)
            return [.. mapping.Members.Select(member => Read(member.Key, member.Value))];
        problems.Add(FileProblem.At(node.Start, "'secrets' must be a mapping of names and sources"));
        return [];
    }

    // Declared with a mistake, which is told: what reads it is no mistake of its own.
    private static SecretSource Unknown(YamlScalar name) => new(name.Text, SecretKind.Env, [], name.Start);

    private SecretSource Read(YamlScalar name, YamlNode node)
    {
        if (!PlainName.IsWord(name.Text))
            problems.Add(FileProblem.At(name.Start, $"the name of a secret is a word of letters, digits and _, not '{name.Excerpt}'"));
        if (node is not YamlMapping { Members: [var (key, _)] } mapping || !Keys.Contains(key.Text))
        {
            // The value itself is not shown: somebody may have written the secret there.
            problems.Add(FileProblem.At(node.Start, $"'{name.Excerpt}' needs one source: {{env: NAME}}, {{file: PATH}}, {{prompt: TEXT}} or {{command: [PROGRAM, ARGUMENT, ..]}}"));
            return Unknown(name);
        }

        YamlFields fields = new((YamlMapping)known.Resolve(mapping), Keys, problems);
        IReadOnlyList<string> source = key.Text == "command"
            ? [.. fields.Texts("command", required: true).Select(part => part.Text)]
            : fields.Text(key.Text, required: true) is { } text ? [text] : [];
        return source.Count == 0 ? Unknown(name) : new(name.Text, Enum.Parse<SecretKind>(key.Text, ignoreCase: true), source, name.Start);
    }
}
