package dev.berth.api;

import dev.berth.config.SettingEffect;
import dev.berth.control.SettingChanges;
import dev.berth.model.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is told of changed settings: in plans, warnings and the audit log. */
final class SettingWords {
    private SettingWords() {}

    /** @param file the file that says so */
    static List<SettingChanges.Change> ofFile(List<SettingEffect> effects, String file) {
        return effects.stream().map(effect -> change(effect, Optional.of(file))).toList();
    }

    static List<SettingChanges.Change> ofRest(List<SettingEffect> effects) {
        List<SettingChanges.Change> changes = new ArrayList<>();
        for (SettingEffect effect : effects) {
            changes.add(change(effect, Optional.empty()));
            if (effect.forgetsFile()) {
                changes.add(new SettingChanges.Change(
                        effect.setting().key(),
                        Optional.of("any"),
                        Optional.empty(),
                        effect.before().shown(),
                        effect.after().shown(),
                        reason(effect, Optional.empty())));
            }
        }
        return changes;
    }

    private static SettingChanges.Change change(SettingEffect effect, Optional<String> file) {
        return new SettingChanges.Change(
                effect.setting().key(),
                file,
                effect.value(),
                effect.before().shown(),
                effect.after().shown(),
                reason(effect, file));
    }

    private static String reason(SettingEffect effect, Optional<String> file) {
        if (file.isPresent()) {
            return effect.value().isPresent()
                    ? "the file " + file.get() + " says so"
                    : "the file " + file.get() + " says nothing of it any longer";
        }
        return effect.value().isPresent()
                ? "set through REST"
                : "put back through REST, to what holds from " + effect.after().source();
    }

    /** Those after which another value holds. */
    static List<PlanView.Step> steps(List<SettingEffect> effects, Optional<String> file) {
        return effects.stream()
                .filter(SettingEffect::changes)
                .map(effect -> new PlanView.Step(
                        "ChangeSetting",
                        "Setting " + effect.setting().key(),
                        reason(effect, file),
                        effect.before().shown() + " → " + effect.after().shown()))
                .toList();
    }

    /** What a file says in vain, or instead of another one. */
    static List<Fault> warnings(List<SettingEffect> effects, String file) {
        List<Fault> warnings = new ArrayList<>();
        for (SettingEffect effect : effects) {
            String field = "settings." + effect.setting().key();
            if (effect.isOverruled()) {
                warnings.add(new Fault(
                        field,
                        "has no effect here: it is \"" + effect.after().shown() + "\" from "
                                + effect.after().source(),
                        effect.value().map(effect.setting()::shown).orElse("")));
            } else if (effect.before().layer() == effect.after().layer()
                    && !effect.before().source().equals("file " + file)
                    && effect.changes()) {
                warnings.add(new Fault(
                        field,
                        "the " + effect.before().source() + " said \""
                                + effect.before().shown() + "\"; what was applied last holds",
                        effect.value().map(effect.setting()::shown).orElse("")));
            }
        }
        return warnings;
    }
}
