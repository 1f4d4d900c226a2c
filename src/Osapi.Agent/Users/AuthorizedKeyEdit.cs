using Osapi.Agent.Files.Edits;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>The change of the lines of a file with keys.</summary>
internal sealed class AuthorizedKeyEdit
{
    private readonly List<TextLine> lines;
    private readonly List<string> added = [], updated = [], removed = [];

    /// <summary>Computes the change.</summary>
    /// <param name="request">The request.</param>
    /// <param name="file">The text of the file; null when there is none.</param>
    public AuthorizedKeyEdit(UpdateAuthorizedKeys request, FileText? file)
    {
        lines = [.. file?.Lines ?? []];
        List<AuthorizedKeyLine> wanted = [.. request.Keys.Select(key => key.Line)];
        if (request.State == AuthorizedKeyState.Absent)
            Remove(line => wanted.Exists(line.IsSameKey));
        else
        {
            if (request.Exclusive == true)
                Remove(line => !wanted.Exists(line.IsSameKey));
            foreach (var key in wanted)
                Put(key, file?.LineBreak ?? "\n");
        }
    }

    public IReadOnlyList<string> Added => added;

    public IReadOnlyList<string> Updated => updated;

    public IReadOnlyList<string> Removed => removed;

    public bool Changes => added.Count + updated.Count + removed.Count > 0;

    /// <summary>The new text.</summary>
    public string Text => string.Concat(lines.Select(line => line.Content + line.Break));

    private void Remove(Predicate<AuthorizedKeyLine> isUnwanted)
    {
        foreach (var line in lines.ToList())
            if (AuthorizedKeyLine.Find(line.Content) is { } key && isUnwanted(key))
            {
                lines.Remove(line);
                if (!removed.Contains(key.Fingerprint))
                    removed.Add(key.Fingerprint);
            }
    }

    private void Put(AuthorizedKeyLine key, string lineBreak)
    {
        var found = Enumerable.Range(0, lines.Count).Where(at => AuthorizedKeyLine.Find(lines[at].Content)?.IsSameKey(key) == true).ToList();
        if (found.Count == 0)
        {
            // The key would be joined to a last line without an end.
            if (lines is [.., { Break: "" } last])
                lines[^1] = last with { Break = lineBreak };
            lines.Add(new(key.ToString(), lineBreak));
            added.Add(key.Fingerprint);
            return;
        }

        var first = AuthorizedKeyLine.Find(lines[found[0]].Content)!;
        var desired = key with { Comment = key.Comment ?? first.Comment };
        if (first == desired && found.Count == 1)
            return;
        if (first != desired)
            lines[found[0]] = lines[found[0]] with { Content = desired.ToString() };
        // sshd takes the first line of a key.
        foreach (var at in found.Skip(1).Reverse())
            lines.RemoveAt(at);
        updated.Add(key.Fingerprint);
    }
}
